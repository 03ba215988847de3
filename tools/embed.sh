# embed.sh FILE ... - print the C source of qn_embedded_files: these files,
# sorted by path. Arrays of numbers, as a C string may hold only 4095 bytes.
set -e
export LC_ALL=C
[ $# -eq 0 ] || set -- $(printf '%s\n' "$@" | sort)
printf '#include <quench/embedded.h>\n\n'
i=0
for file in "$@"; do
  printf 'static const char text_%d[] = {\n' $i
  od -An -v -tu1 "$file" | awk '{
    line = ""
    for (k = 1; k <= NF; k++)
      line = line ($k < 128 ? $k "," : sprintf("\047\\%o\047,", $k))
    print line
  }'
  printf '0};\n\n'
  i=$((i + 1))
done
printf 'const qn_embedded_file qn_embedded_files[] = {\n'
i=0
for file in "$@"; do
  printf '    {"%s", text_%d, sizeof text_%d - 1},\n' "$file" $i $i
  i=$((i + 1))
done
printf '    {NULL, NULL, 0},\n};\n'
