import moodrec.phrases
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('mlmodel', '0003_mood_rules_and_fresh_starts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='modelversion',
            name='verdict',
            field=moodrec.phrases.PhraseField(blank=True, help_text='why it was put to use or not'),
        ),
    ]
