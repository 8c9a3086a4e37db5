"""Files that no form takes, and what is said about each."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

Files = Callable[[], list[SimpleUploadedFile]]

# Made when they are sent: thirty megabytes are not kept for the whole run.
BAD_FILES: dict[str, tuple[Files, dict[str, str]]] = {
    "too large": (
        lambda: [SimpleUploadedFile("film.mp4", b"x" * (30 * 1024 * 1024))],
        {
            "en": "“film.mp4” is too large: 30.0 MB. The limit is 20.0 MB a file.",
            "es": "“film.mp4” es demasiado grande: 30.0 MB. El límite es de 20.0 MB por archivo.",
        },
    ),
    "of a wrong type": (
        lambda: [SimpleUploadedFile("setup.exe", b"MZ", content_type="image/png")],
        {
            "en": "“setup.exe” is of a type that is not taken. Pack it into a .zip file if it is needed.",
            "es": "“setup.exe” es de un tipo que no se admite. Si hace falta, comprímalo en un archivo .zip.",
        },
    ),
    "empty": (
        lambda: [SimpleUploadedFile("a.log", b"log"), SimpleUploadedFile("b.log", b"")],
        {"en": "“b.log” is empty.", "es": "“b.log” está vacío."},
    ),
    "one too many": (
        lambda: [SimpleUploadedFile(f"{n}.log", b"log") for n in range(11)],
        {"en": "At most 10 files at a time.", "es": "Como máximo 10 archivos a la vez."},
    ),
}
