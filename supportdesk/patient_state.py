"""Migrating a new database in seconds: models of the past are rendered when somebody asks for them.

Django keeps the classes of all models at hand while it migrates, and makes them anew after every operation,
with everything that is related. Here all is related, every table to its tenant: hundreds of operations, each
followed by some fifty classes that nobody looks at. A `PatientState` makes none. The first question for a
model makes it and what it points to; a question for all models, or an operation written in Python, makes all.
After a change the classes stay that lead nowhere to what was changed: most changes are to models to which
little points. What is asked of the database is the same, statement by statement.
"""

import functools
from typing import Any

from django.apps.config import AppConfig
from django.db import models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.migrations.utils import resolve_relation

Key = tuple[str, str]


class PatientApps(StateApps):
    """The models of a state, made as they are asked for."""

    def __init__(self, real_apps: set[str], states: dict[Key, ModelState]) -> None:
        super().__init__(list(real_apps), {})
        self.real_apps = real_apps
        self.states = states
        self._rendered: dict[Key, set[Key]] = {}  # and what each points to

    def get_model(self, app_label: str, model_name: str | None = None, require_ready: bool = True) -> Any:
        """That model, with all that it points to; LookupError if the state has none of that name."""
        label, name = app_label.split(".") if model_name is None else (app_label, model_name)
        self._render([(label, name.lower())])
        if name.lower() in self.all_models[label]:
            return self.all_models[label][name.lower()]
        return super().get_model(label, name, require_ready)

    def get_app_config(self, app_label: str) -> AppConfig:
        """An app with all its models."""
        self._render([key for key in self.states if key[0] == app_label])
        return super().get_app_config(app_label)

    @functools.cache  # noqa: B019  Django's own is cached too, and its `clear_cache` counts on it
    def get_models(self, include_auto_created: bool = False, include_swapped: bool = False) -> Any:
        """All models: whoever asks what points to a model must not miss one."""
        self._render(list(self.states))
        return super().get_models(include_auto_created, include_swapped)

    def _render(self, keys: list[Key]) -> None:
        waiting = [key for key in keys if key in self.states and key not in self._rendered]
        wanted: set[Key] = set()
        while waiting:
            key = waiting.pop()
            if key not in self._rendered:
                self._rendered[key] = _pointed_to(self.states[key]) & self.states.keys()
                wanted.add(key)
                waiting += self._rendered[key]
        self.render_multiple([self.states[key] for key in sorted(wanted)])

    def after(self, changed: set[Key], states: dict[Key, ModelState]) -> "PatientApps":
        """The models of the state that follows, with the classes that lead nowhere to what was changed."""
        stale = set(changed)
        while further := {key for key, ends in self._rendered.items() if key not in stale and ends & stale}:
            stale |= further
        following = PatientApps(self.real_apps, states)
        following._rendered = {key: ends for key, ends in self._rendered.items() if key not in stale}
        with following.bulk_update():
            for label, named in self.all_models.items():
                for model in named.values():
                    owner: Any = model._meta.auto_created or model  # of a table between two
                    if (label, owner._meta.model_name) in following._rendered:
                        model._meta.apps = following  # where what points to it is looked for
                        following.register_model(label, model)
        return following


def _pointed_to(state: ModelState) -> set[Key]:
    """The models that a model's fields and bases name."""
    named = [field.remote_field for field in state.fields.values() if field.remote_field]
    ends = [end for remote in named for end in (remote.model, getattr(remote, "through", None)) if end]
    ends += [base for base in state.bases if isinstance(base, str)]
    found = [_key(end, state) for end in ends]
    return {key for key in found if key}


def _key(end: str | type[models.Model], state: ModelState) -> Key:
    label, name = resolve_relation(end, state.app_label, state.name_lower)
    return label, name


class PatientState(ProjectState):
    """A state of all models at one migration that renders none until it is asked."""

    _apps: PatientApps | StateApps | None = None
    # The classes of the state before this one, and what has changed since.
    _before: PatientApps | None = None
    _changed: frozenset[Key] = frozenset()

    @property
    def apps(self) -> StateApps:
        """The models as classes."""
        if self._apps is None:
            before = self._before or PatientApps(self.real_apps, self.models)
            self._apps = before.after(set(self._changed), self.models)
            self._before, self._changed = None, frozenset()
        return self._apps

    @apps.deleter
    def apps(self) -> None:
        self._apps = self._before = None

    def clear_delayed_apps_cache(self) -> None:
        """Python in a migration, and whoever waits for its end, gets every model with every relation."""
        self._apps, self._before = StateApps(list(self.real_apps), self.models), None

    def add_model(self, model_state: ModelState) -> None:
        """A new model: what was made of the state is no longer all of it."""
        super().add_model(model_state)
        self._change((model_state.app_label, model_state.name_lower))

    def remove_model(self, app_label: str, model_name: str) -> None:
        """A model less."""
        super().remove_model(app_label, model_name)
        self._change((app_label, model_name))

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """A model has changed: what was made of it is no longer true."""
        self._change((app_label, model_name.lower()))

    def reload_models(self, models: Any, delay: bool = True) -> None:
        """Likewise for several."""
        self._change(*models)

    def _change(self, *keys: Key) -> None:
        if self._apps is not None:
            self._before = self._apps if isinstance(self._apps, PatientApps) else None
            self._apps = None
        self._changed |= set(keys)

    def clone(self) -> "PatientState":
        """The same state, which takes the classes over: this one is about to change."""
        state = PatientState({key: model.clone() for key, model in self.models.items()}, self.real_apps)
        state.is_delayed = self.is_delayed
        if isinstance(self._apps, PatientApps):
            state._apps = self._before = self._apps
            state._apps.states = state.models
            self._apps = None
        else:
            state._before, state._changed = self._before, self._changed
        return state


class PatientExecutor(MigrationExecutor):
    """Django's executor of migrations, with patient states."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> ProjectState:
        full = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return PatientState(full.models, full.real_apps)
