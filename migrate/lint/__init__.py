"""`slingshift lint`: hazards of configurations in files, what AEM loads there, and the repairs that are certain."""
