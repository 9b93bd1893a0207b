"""What every address must hold, whatever is sent to it."""
