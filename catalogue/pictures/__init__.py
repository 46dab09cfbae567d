"""Our own small renderer: pictures of meshes in light and shade, for the screen to tint."""
