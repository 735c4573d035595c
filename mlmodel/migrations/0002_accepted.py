from django.db import migrations, models


def accept_what_was_used(apps, schema_editor):
    """Until now only the verdict told which versions were put to use."""
    versions = apps.get_model("mlmodel", "ModelVersion").objects
    versions.exclude(verdict__startswith="is not used").update(accepted=True)
    versions.filter(active=True).update(accepted=True)


class Migration(migrations.Migration):

    dependencies = [
        ('mlmodel', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='modelversion',
            name='accepted',
            field=models.BooleanField(default=False, help_text='was put to use and not rolled back: a rollback may return to it'),
        ),
        migrations.RunPython(accept_what_was_used, migrations.RunPython.noop),
    ]
