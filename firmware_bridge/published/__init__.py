"""The contract for who does not read Python: JSON Schemas and an AsyncAPI document, made from the structs."""
