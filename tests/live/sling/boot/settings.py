"""OSGi settings that make a Sling behave as AEM does, in the two spellings that the Starters read."""

from __future__ import annotations

from collections.abc import Mapping

from tests.live.sling.boot.options import NEW_CONFIGURATIONS, Options

Setting = str | bool | list[str]


def configurations(options: Options) -> dict[str, dict[str, Setting]]:
    """Properties by PID."""
    console = ["admin", *(user.name for user in options.users if user.console)]
    return {
        "org.apache.sling.installer.provider.jcr.impl.JcrInstaller": {
            "sling.jcrinstall.new.config.path": NEW_CONFIGURATIONS.removeprefix("/apps/"),
            "sling.jcrinstall.enable.writeback": options.writeback,
        },
        # Without it the resources of MBeans answer 404 to everybody: no Starter has a gate for them.
        "org.apache.sling.jmx.provider.impl.JMXResourceProvider": {
            "provider.useResourceAccessSecurity": False
        },
        "org.apache.sling.extensions.webconsolesecurityprovider.internal.SlingWebConsoleSecurityProvider": {
            "users": console,
            "groups": [],
        },
    }


def feature_key(name: str, value: Setting) -> str:
    """The name with its type, as feature files write it."""
    if isinstance(value, bool):
        return f"{name}:Boolean"
    return f"{name}:String[]" if isinstance(value, list) else name


def config_text(values: Mapping[str, Setting]) -> str:
    """A .config file."""
    return "".join(f"{name}={_config_value(value)}\n" for name, value in values.items())


def _config_value(value: Setting) -> str:
    if isinstance(value, bool):
        return f'B"{str(value).lower()}"'
    if isinstance(value, list):
        return "[" + ",".join(f'"{item}"' for item in value) + "]"
    return f'"{value}"'
