// Starts every behaviour that any page may need; each is one file and does nothing where its mark-up is missing.
import "kotohashi/scrollers";
import "kotohashi/shown-when";
import "kotohashi/submit-guard";
import "kotohashi/auto-submit";
import "kotohashi/continue";
import "kotohashi/unsaved";
import "kotohashi/autosize";
import "kotohashi/copy-link";
import "kotohashi/dialog";
import "kotohashi/messages";
import "kotohashi/palette";
import "kotohashi/password";
import "kotohashi/pickers";
import "kotohashi/print";
import "kotohashi/term";
import "kotohashi/theme";
import "kotohashi/toc";
