#!/bin/bash
# Builds the fuzz targets as OSS-Fuzz wants them: SRC/wiretape is the source, WORK a folder for objects, OUT gets each
# target with its TARGET_seed_corpus.zip, TARGET.dict and TARGET.options. CC, CFLAGS, LDFLAGS and LIB_FUZZING_ENGINE are
# OSS-Fuzz's; nothing else of the machine is asked. `tests/fuzz/oss-fuzz` runs it with the same settings at home.
set -eu

top=$SRC/wiretape
build=$WORK/wiretape
fuzz=$top/tests/fuzz

# Libraries of the builder that the runner has not lie beside the targets.
export LDFLAGS="${LDFLAGS:-} -Wl,-rpath,\$ORIGIN/lib"
rm -rf "$build"
meson setup "$build" "$top" --buildtype=plain -Dfuzz=true -Dfuzz_engine="$LIB_FUZZING_ENGINE" -Db_lundef=false \
    -Dhardening=false -Dwerror=false
targets=$(cd "$fuzz" && ls fuzz_*.c | sed 's/\.c$//')
ninja -C "$build" $(sed 's#^#tests/fuzz/#' <<<"$targets")

# Starting points: the seeds in the tree, and the packets of the golden captures.
corpus=$WORK/corpus
rm -rf "$corpus"
mkdir -p "$corpus" "$OUT/lib"
"$fuzz/seeds.py" "$corpus"
cp -r "$fuzz/seeds/." "$corpus"
"$fuzz/seeds.py" --links "$corpus"

for target in $targets; do
	cp "$build/tests/fuzz/$target" "$OUT/$target"
	ldd "$OUT/$target" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | while read -r library; do
		case $(basename "$library") in
		libc.so.*|libm.so.*|libpthread.so.*|libdl.so.*|librt.so.*|libresolv.so.*) ;;
		*) cp -n "$library" "$OUT/lib/" ;;
		esac
	done
	rm -f "$OUT/${target}_seed_corpus.zip"
	find "$corpus/$target" -type f | zip -q -j "$OUT/${target}_seed_corpus.zip" -@
	if [ -f "$fuzz/$target.dict" ]; then
		cp "$fuzz/$target.dict" "$OUT/"
	fi
	cp "$top/oss-fuzz/options" "$OUT/$target.options"
done
