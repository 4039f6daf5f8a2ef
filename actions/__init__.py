"""What the assistant does: one module per use case, thin. How it is done is in `tiski/`."""
