"""Prints the auth_user table of a real Django as CSV, as `psql --csv` does; the password of everybody is argv[1]."""

import csv, sys, types, warnings

warnings.simplefilter("ignore")
try:
    # Django's bcrypt hashers need a package that Debian's python3-django does not bring; libxcrypt does the same.
    import crypt, secrets, string

    alphabet = "./" + string.ascii_letters + string.digits
    sys.modules["bcrypt"] = types.SimpleNamespace(
        gensalt=lambda rounds: f"$2b${rounds:02}${''.join(secrets.choice(alphabet) for _ in range(21))}u".encode(),
        hashpw=lambda password, salt: crypt.crypt(password.decode(), salt.decode()).encode(),
    )
    hashers = ["bcrypt_sha256", "bcrypt"]
except ImportError:
    hashers = []

import django
from django.conf import settings

module = "django.contrib.auth.hashers."
names = ["PBKDF2PasswordHasher", "PBKDF2SHA1PasswordHasher", "BCryptSHA256PasswordHasher", "BCryptPasswordHasher"]
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    PASSWORD_HASHERS=[module + name for name in names],
)
django.setup()

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

call_command("migrate", verbosity=0)
for hasher in ["pbkdf2_sha256", "pbkdf2_sha1", *hashers]:
    User.objects.create(username=hasher, email=f"{hasher}@Example.com", password=make_password(sys.argv[1], hasher=hasher))
User.objects.create_user("nobody", "nobody@example.com", None)
User.objects.create_user("no mailbox", "", sys.argv[1])

with connection.cursor() as cursor:
    cursor.execute("SELECT username, email, password AS password_hash, date_joined AS created_at FROM auth_user ORDER BY id")
    writer = csv.writer(sys.stdout)
    writer.writerow(column[0] for column in cursor.description)
    writer.writerows(cursor)
