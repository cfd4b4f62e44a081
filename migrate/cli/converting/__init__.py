"""What `convert` does about each file, and what it says of it."""
