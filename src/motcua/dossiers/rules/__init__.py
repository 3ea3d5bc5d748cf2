"""Pure rules of a dossier: lifecycle, deadlines, numbering. No Django here."""
