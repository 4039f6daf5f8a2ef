"""Measurements: how long the desk takes to train, to start and to answer, and what memory it needs."""
