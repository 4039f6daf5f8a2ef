"""What customers tell about themselves and about us."""
