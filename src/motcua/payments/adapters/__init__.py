"""Papers and formats of money that others read: workbooks, forms of the tax office, electronic receipts."""
