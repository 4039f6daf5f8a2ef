"""What happened at the desk, counted from what was recorded as it happened."""
