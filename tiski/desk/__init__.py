"""Opening the desk: training when needed, and all processes as one supervised group."""
