"""Orders as a customer sees them, and the shops that hold them."""
