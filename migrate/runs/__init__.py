"""What is written, and the way back: the journal, apply, resume, undo, the list of runs, locks, the disk.

The only room that writes to a target. It knows changes of files, no configuration and no pass.
Inner room: disk/ (the same for systems that hold folders open, and for Windows).
"""
