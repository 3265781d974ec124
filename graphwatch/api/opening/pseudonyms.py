"""The pseudonyms of a project."""

from graphwatch.api.project import Project
from graphwatch.privacy import Pseudonyms, project_key


def pseudonyms_of(project: Project) -> Pseudonyms:
    """Those under the key in the project's folder, which the first one who needs it makes.

    Raises:
        KeyMissing, KeyWrong: pseudonyms were made with a key that is not the one here.
    """
    return Pseudonyms(project_key(project.folder))
