"""What is owed for a procedure: pure rules over whole đồng."""
