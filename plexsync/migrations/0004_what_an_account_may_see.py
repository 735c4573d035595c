import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plexsync', '0003_access_that_ended'),
    ]

    operations = [
        migrations.CreateModel(
            name='Sight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('library_keys', models.JSONField(default=list, help_text='libraries that are shared with it')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sights', to='plexsync.connection')),
                ('hidden', models.ManyToManyField(blank=True, help_text='titles of these that Plex keeps from it', to='plexsync.mediaitem')),
                ('viewer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sights', to='plexsync.viewer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('viewer', 'connection'), name='one_sight_a_server')],
            },
        ),
    ]
