"""What is written, and the way back: the journal, apply, resume, undo, the list of runs, locks, the disk.

The only room that writes to a target. It knows changes of files, no configuration and no pass.
Inner rooms: disk/ (for systems that hold folders open, and for Windows), instance/ (the same on a running instance),
audit/ (what is kept for others), cleaning/ (what may go).
"""
