"""What customers tell about themselves and about us, and what they have agreed to."""
