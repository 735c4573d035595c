from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0005_feedback_teaches")]

    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="chance",
            field=models.FloatField(
                blank=True,
                null=True,
                help_text="that the draw fell on it; empty where nothing was drawn",
            ),
        ),
    ]
