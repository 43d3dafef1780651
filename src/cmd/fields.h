/* wiretape fields [PROTOCOL ...]: every field there is, with its type and meaning. */
#pragma once

int cmd_fields(int argc, char **argv);
