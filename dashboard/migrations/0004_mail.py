from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import CASCADE


class Migration(migrations.Migration):
    dependencies = (
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("dashboard", "0003_figures"),
    )

    operations = (
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("kiosk", models.CharField(blank=True, max_length=64)),
                ("what", models.CharField(max_length=32)),
                ("since_ms", models.BigIntegerField()),
                ("detail", models.TextField(default="")),
                ("told_ms", models.BigIntegerField(null=True)),
                ("gone_ms", models.BigIntegerField(null=True)),
                ("user", models.ForeignKey(on_delete=CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="MailWish",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("address", models.EmailField(blank=True, default="", max_length=254)),
                ("quiet_from", models.TimeField(blank=True, null=True)),
                ("quiet_to", models.TimeField(blank=True, null=True)),
                ("language", models.CharField(default="nl", max_length=8)),
                ("user", models.OneToOneField(on_delete=CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("user", "kiosk", "what"), name="one_notice_per_trouble"),
        ),
    )
