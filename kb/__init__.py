"""The knowledge base: what everyone writes, searches and looks up, and who may."""
