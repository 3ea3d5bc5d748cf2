"""People who can sign in. What they may do comes from their posts, not from the account."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from motcua.kernel.text import nfc


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, full_name: str, password: str | None = None, **extra: Any) -> User:
        """An account; the name is stored composed so that it prints and is found alike."""
        user = self.model(username=username.strip().lower(), full_name=nfc(full_name), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. Disabled accounts stay, because the audit names them."""

    username = models.CharField(_("tên đăng nhập"), max_length=64, unique=True)
    full_name = models.CharField(_("họ và tên"), max_length=160)
    email = models.EmailField(blank=True)
    phone = models.CharField(_("số điện thoại"), max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False, help_text="Runs the installation; sees every unit.")
    is_demo = models.BooleanField(default=False, help_text="Exists only while demo data is loaded.")
    demo_about = models.CharField(max_length=120, blank=True, help_text="What the demo account shows.")
    demo_group = models.CharField(max_length=80, blank=True)
    demo_order = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        app_label = "kernel"

    def __str__(self) -> str:
        return f"{self.full_name} ({self.username})"

    def get_full_name(self) -> str:
        return self.full_name
