from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("dashboard", "0006_broker_of_kiosk"),)

    operations = (
        migrations.AddField("mailwish", "asked", models.EmailField(blank=True, default="", max_length=254)),
        migrations.AddField("mailwish", "asked_told", models.BooleanField(default=False)),
    )
