"""A desk's own colour, logo, words and languages."""

import accounts.models.tenants
import accounts.rowsecurity
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0017_absences'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='greeting',
            field=models.JSONField(blank=True, default=dict, help_text='A line for customers, by language.', verbose_name='greeting'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='hours_text',
            field=models.JSONField(blank=True, default=dict, help_text='By language; else its calendar is put in words.', verbose_name='when it is open'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='languages',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('en', 'English'), ('es', 'Español')], max_length=5), default=accounts.models.tenants.all_languages, size=None, verbose_name='languages'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='logo',
            field=models.CharField(blank=True, help_text='Its size and mark, "240x64-8f3a12cd"; empty: there is none.', max_length=40),
        ),
        migrations.AddField(
            model_name='tenant',
            name='logo_dark',
            field=models.CharField(blank=True, help_text='The same of the one for dark pages.', max_length=40),
        ),
        migrations.AddField(
            model_name='tenant',
            name='own_colour',
            field=models.CharField(blank=True, help_text='As "#1d4ed8"; empty: the accent counts.', max_length=7, verbose_name='own colour'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='sender_name',
            field=models.CharField(blank=True, help_text="Of all mails; empty: the desk's name.", max_length=80, verbose_name='sender name'),
        ),
        migrations.AddField(
            model_name='tenant',
            name='shows_hours',
            field=models.BooleanField(default=True, verbose_name='says when it is open'),
        ),
        migrations.CreateModel(
            name='Logo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('use', models.CharField(choices=[('light', 'All pages and mails'), ('dark', 'Dark pages')], max_length=5)),
                ('png', models.BinaryField()),
                ('mark', models.CharField(help_text='"240x64-8f3a12cd": its size and the start of its hash.', max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'logo',
                'verbose_name_plural': 'logos',
                'ordering': ['use'],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'use'), name='logo_once_a_use')],
            },
        ),
        accounts.rowsecurity.SecureTenantTables('accounts'),
    ]
