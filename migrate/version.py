"""The version of slingshift, for whoever writes it down; imports nothing."""

VERSION = "0.1.0"
