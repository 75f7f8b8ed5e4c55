"""Bodies that a client sends and a service stores: spelt once, refused at the gateway, checked again inside.

A record says what shape its fields have and nothing about who may see or write them.
"""
