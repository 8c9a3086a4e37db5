"""Packs of prepaid hours with their ledger, and the time that draws from them."""

import accounts.rowsecurity
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from accounts.rowsecurity import SecureTenantTables

# A pack's balance is the sum of its ledger: each row is added to it in the statement that writes the row, which
# waits for whoever writes another one of the same pack. Nothing else may write it.
BALANCE_OF_LEDGER = """
CREATE FUNCTION hours_add_to_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE hours_pack SET balance = balance + NEW.minutes WHERE id = NEW.pack_id AND tenant_id = NEW.tenant_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no pack % for a row of the ledger', NEW.pack_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER hours_ledger_adds AFTER INSERT ON hours_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION hours_add_to_balance();
CREATE FUNCTION hours_keep_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.balance := 0;
    ELSIF NEW.balance <> OLD.balance AND pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'the balance of a pack is the sum of its ledger';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hours_pack_keeps_balance BEFORE INSERT OR UPDATE ON hours_pack
    FOR EACH ROW EXECUTE FUNCTION hours_keep_balance();
"""
NO_BALANCE_OF_LEDGER = """
DROP TRIGGER hours_ledger_adds ON hours_ledgerentry;
DROP TRIGGER hours_pack_keeps_balance ON hours_pack;
DROP FUNCTION hours_add_to_balance();
DROP FUNCTION hours_keep_balance();
"""



class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0007_second_factor_for_staff'),
        ('tickets', '0012_approvals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                ('price', models.CharField(blank=True, help_text='In words.', max_length=120, verbose_name='price')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, help_text='Null: no end.', null=True, verbose_name='last day')),
                ('overdraft_minutes', models.PositiveIntegerField(default=0, verbose_name='overdraft, minutes')),
                ('balance', models.IntegerField(default=0, help_text='Written by the database alone.')),
                ('sold_at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('customer', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='accounts.customer')),
                ('sold_by', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'pack of hours',
                'verbose_name_plural': 'packs of hours',
                'ordering': ['starts_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='TimeEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('worked_on', models.DateField(verbose_name='day')),
                ('minutes', models.PositiveIntegerField(verbose_name='time')),
                ('note', models.CharField(max_length=500, verbose_name='what was done')),
                ('ground', models.CharField(choices=[('covered', 'Covered by the plan'), ('billable', 'Billable by the plan'), ('approved', 'Approved by the customer'), ('not_charged', 'Not charged')], max_length=12)),
                ('charged_minutes', models.PositiveIntegerField(default=0)),
                ('included_minutes', models.PositiveIntegerField(default=0)),
                ('logged_at', models.DateTimeField()),
                ('voided_at', models.DateTimeField(blank=True, null=True)),
                ('void_reason', models.CharField(blank=True, max_length=250)),
                ('agent', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('approval', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='time_entries', to='tickets.approval')),
                ('customer', accounts.rowsecurity.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.customer')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('ticket', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='time_entries', to='tickets.ticket')),
                ('voided_by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
            ],
            options={
                'verbose_name': 'time entry',
                'verbose_name_plural': 'time entries',
                'ordering': ['logged_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='LedgerEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('bought', 'Bought'), ('drawn', 'Drawn'), ('adjusted', 'Adjusted'), ('expired', 'Expired')], max_length=8)),
                ('minutes', models.IntegerField()),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=250)),
                ('by', accounts.rowsecurity.TenantForeignKey(help_text='Null: the desk itself.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
                ('pack', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='hours.pack')),
                ('time_entry', accounts.rowsecurity.TenantForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger', to='hours.timeentry')),
            ],
            options={
                'verbose_name': 'ledger entry',
                'verbose_name_plural': 'ledger entries',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='HoursAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('low_at_minutes', models.PositiveIntegerField(default=120, help_text='0: nobody is told.', verbose_name='told when no more is left than')),
                ('low_told_at', models.DateTimeField(blank=True, help_text='Null: it is not low, or was not.', null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('customer', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.customer')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'hours account',
                'verbose_name_plural': 'hours accounts',
                'constraints': [models.UniqueConstraint(fields=('customer',), name='hours_account_once')],
            },
        ),
        migrations.AddIndex(
            model_name='pack',
            index=models.Index(condition=models.Q(('ends_on__isnull', False)), fields=['tenant', 'ends_on'], name='pack_to_expire'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='pack_has_minutes'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='pack_ends_after'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.CheckConstraint(condition=models.Q(('balance__gte', django.db.models.expressions.CombinedExpression(models.Value(0), '-', models.F('overdraft_minutes')))), name='pack_not_overdrawn'),
        ),
        migrations.AddIndex(
            model_name='timeentry',
            index=models.Index(fields=['customer', 'worked_on'], name='time_entry_of_customer'),
        ),
        migrations.AddConstraint(
            model_name='timeentry',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='time_entry_has_minutes'),
        ),
        migrations.AddConstraint(
            model_name='timeentry',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', django.db.models.expressions.CombinedExpression(models.F('charged_minutes'), '+', models.F('included_minutes')))), name='time_entry_charges_no_more'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['pack', 'at', 'id'], name='ledger_entry_of_pack'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'bought'), ('minutes__gt', 0)), models.Q(('kind__in', ('drawn', 'expired')), ('minutes__lt', 0)), models.Q(('kind', 'adjusted'), models.Q(('minutes', 0), _negated=True)), _connector='OR'), name='ledger_entry_goes_its_way'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'drawn'), _negated=True), ('time_entry__isnull', False), _connector='OR'), name='ledger_entry_drawn_by_time'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'adjusted'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='ledger_entry_adjusted_says_why'),
        ),
        SecureTenantTables("hours", append_only=["LedgerEntry"]),
        migrations.RunSQL(BALANCE_OF_LEDGER, NO_BALANCE_OF_LEDGER),
    ]
