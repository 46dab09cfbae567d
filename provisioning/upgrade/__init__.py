"""New versions on a kiosk: from a signed repository, while nobody prints, and back again where one is not well."""
