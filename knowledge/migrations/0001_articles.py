import accounts.rowsecurity
import django.contrib.postgres.fields
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
import knowledge.models.images
import uuid
from django.db import migrations, models

from accounts.rowsecurity import SecureTenantTables

# An edition's words as its language stems them: the title weighs most, then what stands beside it. Each text is taken
# once as it is spelt and once without accents, since many people search without them. Named in a generated column,
# so it may not change what it says: a change is a new function and a new column.
ARTICLE_WORDS = """
CREATE FUNCTION article_words(language text, title text, keywords text, summary text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE AS $$
    SELECT setweight(to_tsvector(c, title), 'A') || setweight(to_tsvector(c, translate(lower(title), a, b)), 'A')
        || setweight(to_tsvector(c, keywords || ' ' || summary), 'B')
        || setweight(to_tsvector(c, translate(lower(keywords || ' ' || summary), a, b)), 'B')
        || setweight(to_tsvector(c, body), 'D') || setweight(to_tsvector(c, translate(lower(body), a, b)), 'D')
    FROM (SELECT CASE language WHEN 'es' THEN 'pg_catalog.spanish'::regconfig ELSE 'pg_catalog.english'::regconfig END,
        'áàâäéèêëíìîïóòôöúùûüñç', 'aaaaeeeeiiiioooouuuunc') AS how (c, a, b)
$$"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0006_fewer_indexes'),
    ]

    operations = [
        migrations.RunSQL(ARTICLE_WORDS, "DROP FUNCTION article_words(text, text, text, text, text)"),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('public', 'Everybody'), ('customers', 'Customers and staff'), ('staff', 'Staff only')], default='customers', max_length=10, verbose_name='who may read it')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('made_from', models.PositiveIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'article',
                'verbose_name_plural': 'articles',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], max_length=5, verbose_name='language')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'In review'), ('published', 'Published')], default='draft', max_length=10)),
                ('latest', models.PositiveIntegerField(default=0)),
                ('working_title', models.CharField(max_length=150)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published', models.PositiveIntegerField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('title', models.CharField(blank=True, max_length=150)),
                ('summary', models.CharField(blank=True, max_length=300)),
                ('keywords', models.CharField(blank=True, max_length=300)),
                ('guide_url', models.URLField(blank=True, max_length=500)),
                ('body', models.TextField(blank=True)),
                ('body_html', models.TextField(blank=True)),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('search', models.GeneratedField(db_persist=True, expression=models.Func(models.F('language'), models.F('title'), models.F('keywords'), models.F('summary'), models.F('body'), function='article_words', output_field=django.contrib.postgres.search.SearchVectorField()), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('article', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='knowledge.article')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'edition',
                'verbose_name_plural': 'editions',
                'ordering': ['language'],
            },
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('voter', models.CharField(max_length=64)),
                ('helped', models.BooleanField()),
                ('comment', models.TextField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
                ('edition', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='knowledge.edition')),
                ('membership', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Image',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file', models.FileField(max_length=200, upload_to=knowledge.models.images.image_path)),
                ('name', models.CharField(max_length=200)),
                ('size', models.PositiveIntegerField()),
                ('media_type', models.CharField(max_length=40)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('article', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='knowledge.article')),
                ('by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='MissedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Español')], max_length=5)),
                ('words', models.CharField(max_length=100)),
                ('times', models.PositiveIntegerField(default=1)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['-times', '-last_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('names', models.JSONField(default=dict, verbose_name='names')),
                ('descriptions', models.JSONField(blank=True, default=dict, verbose_name='descriptions')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'verbose_name': 'section',
                'verbose_name_plural': 'sections',
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='article',
            name='section',
            field=accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='knowledge.section'),
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=150)),
                ('summary', models.CharField(blank=True, max_length=300)),
                ('keywords', models.CharField(blank=True, max_length=300)),
                ('guide_url', models.URLField(blank=True, max_length=500)),
                ('body', models.TextField(blank=True, max_length=50000)),
                ('at', models.DateTimeField()),
                ('by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership')),
                ('edition', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='knowledge.edition')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='ArticleEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('written', 'Version saved'), ('review_asked', 'Review asked for'), ('sent_back', 'Sent back to the author'), ('published', 'Published'), ('withdrawn', 'Withdrawn'), ('changed', 'Section or readers changed'), ('archived', 'Archived'), ('restored', 'Restored')], max_length=16)),
                ('language', models.CharField(blank=True, choices=[('en', 'English'), ('es', 'Español')], max_length=5)),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('comment', models.TextField(blank=True, max_length=2000)),
                ('at', models.DateTimeField()),
                ('article', accounts.rowsecurity.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='knowledge.article')),
                ('by', accounts.rowsecurity.TenantForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.tenant')),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['article', 'at', 'id'], name='event_of_article')],
            },
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['tenant', '-changed_at', '-id'], name='edition_newest'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.UniqueConstraint(fields=('article', 'language'), name='edition_once_a_language'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('published__isnull', True), models.Q(('title', ''), _negated=True), _connector='OR'), name='edition_published_has_title'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published', models.F('latest')), _connector='OR'), name='edition_state_is_of_the_latest'),
        ),
        migrations.AddConstraint(
            model_name='feedback',
            constraint=models.UniqueConstraint(fields=('edition', 'voter'), name='feedback_once_a_reader'),
        ),
        migrations.AddIndex(
            model_name='image',
            index=models.Index(fields=['article'], name='image_of_article'),
        ),
        migrations.AddIndex(
            model_name='missedsearch',
            index=models.Index(fields=['tenant', '-times', '-last_at'], name='missed_most'),
        ),
        migrations.AddConstraint(
            model_name='missedsearch',
            constraint=models.UniqueConstraint(fields=('tenant', 'language', 'words'), name='missed_search_once'),
        ),
        migrations.AddIndex(
            model_name='section',
            index=models.Index(fields=['tenant', 'position', 'id'], name='section_in_order'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.CheckConstraint(condition=models.Q(('names', {}), _negated=True), name='section_has_a_name'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['tenant', 'section'], name='article_of_section'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('edition', 'number'), name='article_version_once'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('body', ''), _negated=True), models.Q(('guide_url', ''), _negated=True), _connector='OR'), name='article_version_says_something'),
        ),
        SecureTenantTables("knowledge", append_only=["Version", "ArticleEvent"]),
    ]
