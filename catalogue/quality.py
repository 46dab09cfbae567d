"""The quality gate: what a model must be before a library prints it unattended.

Each function returns what is wrong, in words for whoever designs the model; nothing wrong is an empty list.
"""

import numpy as np
import trimesh

from catalogue.packs import MAX_TRIANGLES, ToolpathPack
from firmware_bridge.profile import Profile

LEAST_SIZE_MM = 1.0
LEAST_CONTACT_MM2 = 60.0
MARGIN_MM = 2.0
"""Kept free at the edge of the bed."""
LONGEST_PRINT_S = 90 * 60.0
MOST_GRAMS = 60.0
MOST_OVERHANG = 0.03
"""The share of the perimeters' length that may hang in the air: more needs support."""

_ON_BED_MM = 0.01


def mesh_faults(mesh: trimesh.Trimesh) -> list[str]:
    """Of a generator's mesh, in mm, z up."""
    faults = []
    if len(mesh.faces) == 0:
        return ["it has no triangles"]
    merged = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    merged.merge_vertices()
    if not (merged.is_watertight and merged.is_winding_consistent):
        faults.append("it is not closed: every edge must have two triangles, all facing out")
    if merged.volume <= 0:
        faults.append("it is inside out: its volume is not above 0")
    low, high = mesh.bounds
    if abs(low[2]) > _ON_BED_MM:
        faults.append(f"it does not stand on the bed: its lowest point is at z = {low[2]:.2f} mm")
    if np.abs(low[:2] + high[:2]).max() > 2 * _ON_BED_MM:
        faults.append("it is not centred on x = y = 0")
    if (high - low).min() < LEAST_SIZE_MM:
        faults.append(f"it is thinner than {LEAST_SIZE_MM:g} mm")
    if len(mesh.faces) > MAX_TRIANGLES:
        faults.append(f"it has {len(mesh.faces)} triangles; {MAX_TRIANGLES} are the most: make it coarser")
    if (contact := contact_mm2(mesh)) < LEAST_CONTACT_MM2:
        faults.append(f"it touches the bed with {contact:.0f} mm²; it needs {LEAST_CONTACT_MM2:g} to stay there")
    return faults


def contact_mm2(mesh: trimesh.Trimesh) -> float:
    """The area that lies flat on the bed."""
    corners = mesh.triangles
    flat = np.abs(corners[:, :, 2]).max(axis=1) < _ON_BED_MM
    return float(mesh.area_faces[flat].sum())


def fits(mesh: trimesh.Trimesh, profile: Profile) -> bool:
    """Whether the printer's volume holds it, but for a margin."""
    x, y, z = mesh.extents
    volume = profile.volume
    return bool(
        x <= volume.x_mm - 2 * MARGIN_MM and y <= volume.y_mm - 2 * MARGIN_MM and z <= volume.z_mm - MARGIN_MM
    )


def print_faults(toolpath: ToolpathPack, estimate_s: float, grams: float) -> list[str]:
    """Of what the slicer made."""
    faults = []
    if estimate_s > LONGEST_PRINT_S:
        faults.append(f"it prints for {estimate_s / 60:.0f} minutes; {LONGEST_PRINT_S / 60:.0f} are the most")
    if grams > MOST_GRAMS:
        faults.append(f"it weighs {grams:.0f} g; {MOST_GRAMS:.0f} are the most")
    if (hanging := overhang_share(toolpath)) > MOST_OVERHANG:
        faults.append(
            f"{hanging:.1%} of its walls hang in the air; {MOST_OVERHANG:.0%} are the most without support"
        )
    return faults


def bed_faults(toolpath: ToolpathPack, profile: Profile) -> list[str]:
    """Whether the model's own moves stay over the bed: the slicer's exit code does not tell."""
    left, front, _, right, back, top = (float(value) for value in toolpath.bounds.ravel())
    volume = profile.volume
    inside = left >= 0 and front >= 0 and right <= volume.x_mm and back <= volume.y_mm and top <= volume.z_mm
    return (
        [] if inside else [f"it reaches over the bed: x {left:.1f} to {right:.1f}, y {front:.1f} to {back:.1f} mm"]
    )


def overhang_share(toolpath: ToolpathPack) -> float:
    """How much of the walls' length the slicer calls overhanging."""
    length = np.linalg.norm(toolpath.segments[:, 3:] - toolpath.segments[:, :3], axis=1)
    of_feature = {
        name: float(length[toolpath.feature == number].sum()) for number, name in enumerate(toolpath.features)
    }
    walls = sum(of_feature.get(name, 0.0) for name in ("Perimeter", "External perimeter", "Overhang perimeter"))
    return of_feature.get("Overhang perimeter", 0.0) / walls if walls else 0.0
