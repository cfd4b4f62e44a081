"""FileVault's own files: META-INF/vault/filter.xml, MANIFEST.MF, the definition, a folder's .content.xml.

They say what an import brings and takes away; here they are read and rewritten as bytes, plans/vault/ decides when.
"""
