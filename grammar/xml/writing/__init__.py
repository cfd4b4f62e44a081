"""From values to XML: whole files as FileVault exports them, and one property of a file that is there.

What is written is read again by whoever asks for it; nothing here proves anything.
"""
