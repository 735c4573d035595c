from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plexsync', '0002_plex_as_it_really_is'),
    ]

    operations = [
        migrations.AddField(
            model_name='plexaccount',
            name='lost_at',
            field=models.DateTimeField(blank=True, help_text='when its access had ended, which closed the user', null=True),
        ),
    ]
