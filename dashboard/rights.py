"""Who may what. One table; Django's groups and permissions are made after it each time the database is updated.

A *post* says at which kiosks somebody works. Roles that are not for the whole region reach no further than it.
"""

import enum
from typing import Any, Final, Protocol

from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType

from dashboard.models import Command, Post


class Person(Protocol):
    """Whoever asks: an account, or nobody in particular."""

    pk: Any

    def has_perm(self, perm: str, /) -> bool:
        """Whether Django's own permissions say so."""
        ...


class Right(enum.Enum):
    """What a page or a button asks for; the value is the permission's name."""

    SEE = "see_printers"
    COMMAND = "send_commands"
    READ_AUDIT = "read_audit"
    MANAGE_PEOPLE = "manage_people"


class Role(enum.Enum):
    """What an account is for; the value is the group's name."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Reach(enum.Enum):
    """How far a right goes."""

    POST = "post"
    REGION = "region"


MAY: Final = {
    Role.VIEWER: {Right.SEE: Reach.REGION},
    Role.OPERATOR: {Right.SEE: Reach.REGION, Right.COMMAND: Reach.POST},
    Role.ADMIN: dict.fromkeys(Right, Reach.REGION),
    Role.AUDITOR: {Right.SEE: Reach.REGION, Right.READ_AUDIT: Reach.REGION},
}


def may(user: Person, right: Right, kiosk: str | None = None) -> bool:
    """Whether this account has that right: at `kiosk`, or anywhere where none is named."""
    if not user.has_perm(f"dashboard.{right.value}"):
        return False
    if kiosk is None or user.has_perm(f"dashboard.{_everywhere(right)}"):
        return True
    return Post.objects.filter(user=user.pk, kiosk=kiosk).exists()


def role_of(user: User) -> Role | None:
    """The account's role; None: none was given yet."""
    names = {role.value for role in Role}
    group = user.groups.filter(name__in=names).first()
    return Role(group.name) if group else None


def works_at_posts(role: Role) -> bool:
    """Whether the role is nothing without a post."""
    return Reach.POST in MAY[role].values()


def give_role(user: User, role: Role, kiosks: tuple[str, ...] = ()) -> None:
    """This role instead of any other, and these posts instead of those before."""
    user.groups.set([Group.objects.get(name=role.value)])
    Post.objects.filter(user=user).delete()
    Post.objects.bulk_create([Post(user=user, kiosk=kiosk) for kiosk in dict.fromkeys(kiosks)])


def install(**_: Any) -> None:
    """Groups and permissions as the table says, and no others of ours."""
    kind = ContentType.objects.get_for_model(Command)
    names = [name for right in Right for name in (right.value, _everywhere(right))]
    permissions = {
        name: Permission.objects.get_or_create(content_type=kind, codename=name, defaults={"name": name})[0]
        for name in names
    }
    for role, rights in MAY.items():
        group, _made = Group.objects.get_or_create(name=role.value)
        held = [permissions[right.value] for right in rights]
        held += [permissions[_everywhere(right)] for right, reach in rights.items() if reach is Reach.REGION]
        group.permissions.set(held)


def _everywhere(right: Right) -> str:
    return f"{right.value}_everywhere"
