"""The command whose options depend on the model that its arguments name."""

import click

__all__ = ["ModelCommand"]

_MODEL = "morgen.model"


class ModelCommand(click.Command):
    """A command with the parameters of a model among its options, also in its help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note which model this call names, before its options are parsed."""
        from morgen.faces.cli.parameters import model_named_in

        ctx.meta[_MODEL] = model_named_in(args)
        if ctx.meta[_MODEL] is None:  # then the model is what is wrong, not its options
            ctx.ignore_unknown_options = ctx.allow_extra_args = True
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters and those of the model that this call names."""
        own = super().get_params(ctx)
        if ctx.meta.get(_MODEL) is None:
            return own
        from morgen.faces.cli.parameters import parameter_options

        return [*own, *parameter_options(ctx.meta[_MODEL])]
