"""Log-in through companies' own identity providers."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import accounts.models.sso
import accounts.rowsecurity


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_log_ins'),
    ]

    operations = [
        migrations.CreateModel(
            name='SsoConnection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=accounts.models.sso.new_key, max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('openid_connect', 'OpenID Connect'), ('saml', 'SAML 2.0')], max_length=20, verbose_name='kind')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('domains', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=253), default=list, size=None, verbose_name='email domains')),
                ('adds_people', models.BooleanField(default=False)),
                ('issuer', models.URLField(blank=True, max_length=500, verbose_name='issuer')),
                ('client_id', models.CharField(blank=True, max_length=191, verbose_name='client ID')),
                ('client_secret_sealed', models.TextField(blank=True)),
                ('idp_entity_id', models.CharField(blank=True, max_length=500, verbose_name='entity ID')),
                ('idp_sign_in_url', models.URLField(blank=True, max_length=500, verbose_name='sign-in address')),
                ('idp_certificate', models.TextField(blank=True, verbose_name='certificate')),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('customer', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sso_connections', to='accounts.customer')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'sign-in connection',
                'verbose_name_plural': 'sign-in connections',
                'ordering': ['name', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('adds_people', False), ('customer__isnull', False), _connector='OR'), name='sso_adds_contacts_alone')],
            },
        ),
        accounts.rowsecurity.SecureTenantTables('accounts'),
    ]
