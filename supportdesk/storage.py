"""Static files: hashed names, compressed, and JavaScript modules that import one another by hashed name."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also rewrites `import` statements, so that modules can be cached for ever."""

    support_js_module_import_aggregation = True
