"""The dashboard's pages. They draw: what they show comes from ``data``, and what it means is said in ``words``."""
