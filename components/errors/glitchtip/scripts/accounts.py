"""The first user, and single sign-on: given to `manage.py shell`, and may be repeated."""

import os

from allauth.socialaccount.models import SocialApp
from django.contrib.auth import get_user_model

User = get_user_model()
email = os.environ["ADMIN_EMAIL"]
user = User.objects.filter(email=email).first() or User(email=email)
user.is_active = user.is_staff = user.is_superuser = True
user.set_password(os.environ["ADMIN_PASSWORD"])
user.save()

login = {"provider": "openid_connect", "provider_id": "login"}
if "OIDC_SERVER_URL" in os.environ:
    SocialApp.objects.update_or_create(
        **login,
        defaults={
            "name": os.environ["OIDC_NAME"],
            "client_id": os.environ["OIDC_CLIENT_ID"],
            "secret": os.environ["OIDC_CLIENT_SECRET"],
            "settings": {"server_url": os.environ["OIDC_SERVER_URL"]},
        },
    )
else:
    SocialApp.objects.filter(**login).delete()
