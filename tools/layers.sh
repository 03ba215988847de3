# layers.sh - fail where a folder breaks a rule of the tree:
#   it includes a header of a folder that it may not see,
#   SUNDIALS outside sim/ and calibration/, MPI outside cli/,
#   printing or exiting below cli/, C++ in the library.
# A private header belongs to its folder; a public one, <quench/NAME.h>, to the
# folder that holds NAME.c, or, where none does, that owner() names.
lower='base model circuits sim netlists hdl realisations calibration'

sees() {
  case $1 in
  base) echo base ;;
  model) echo base model ;;
  circuits | sim | netlists | hdl) echo base model "$1" ;;
  realisations) echo base model circuits sim netlists hdl realisations ;;
  calibration) echo "$lower" ;;
  cli) echo "$lower" cli ;;
  esac
}

owner() { # of the header named in an #include, or nothing
  case $1 in
  '<quench/ode.h>') echo sim ;;
  '<quench/'*)
    name=${1#<quench/}
    for folder in $lower cli; do
      for found in "$folder/${name%.h>}.c" "$folder"/*/"${name%.h>}.c"; do
        [ ! -e "$found" ] || echo "$folder"
      done
    done
    ;;
  '"'*/*) echo "$1" | cut -d/ -f1 | tr -d '"' ;;
  esac
}

sources() { # of a folder, with the public headers that it owns
  find "$1" -name '*.[ch]'
  printf '%s' "$public" | sed -n "s/^$1 //p"
}

includes() { # what a file includes, as it stands there
  sed -n 's/^ *# *include *\([<"][^>"]*[>"]\).*/\1/p' "$1"
}

code() { # a file without its comments and without what stands in quotes
  awk '{
    line = ""
    while ($0 != "") {
      if (comment) {
        if (!(at = index($0, "*/"))) break
        $0 = substr($0, at + 2); comment = 0
      } else if (match($0, /"([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047|\/[*\/]/)) {
        token = substr($0, RSTART, RLENGTH)
        line = line substr($0, 1, RSTART - 1) " "
        $0 = substr($0, RSTART + RLENGTH)
        if (token == "//") break
        comment = token == "/*"
      } else {
        line = line $0; break
      }
    }
    print line
  }' "$1"
}

printing='(^|[^[:alnum:]_])(std(out|err)([^[:alnum:]_]|$)'
printing="$printing|(v?printf|puts|putchar|perror|(quick_)?exit) *\\()"
complain() { echo "$*"; bad=1; }
bad=0
public=
for header in include/quench/*.h; do
  from=$(owner "<${header#include/}>")
  public="$public${from:=nobody} $header
"
  [ "$from" != nobody ] ||
    complain "$header: no folder has its .c: name its owner in tools/layers.sh"
done
present=$(ls -d $lower cli 2>/dev/null)
for dir in $present; do
  for file in $(sources $dir); do
    for header in $(includes "$file"); do
      from=$(owner "$header")
      case " $(sees $dir) " in
      *" ${from:-$dir} "*) ;;
      *) complain "$file: $dir may not include $header of $from/" ;;
      esac
      case $dir$header in
      'cli<mpi.h>' | sim'<'[cns]* | calibration'<'[cns]*) ;;
      *'<mpi.h>') complain "$file: $header belongs in cli/ alone" ;;
      *'<sundials/'* | *'<cvode'* | *'<nvector/'* | *'<sunmatrix/'* | \
        *'<sunlinsol/'* | *'<sunnonlinsol/'*)
        complain "$file: $header belongs in sim/ and calibration/ alone" ;;
      esac
    done
    if [ $dir != cli ]; then
      lines=$(code "$file" | grep -nE "$printing" | cut -d: -f1)
      [ -z "$lines" ] ||
        complain "$file: only cli/ prints and exits: line" $lines
    fi
  done
done
cpp=$(find $present -name cosim -prune -o -name '*.c[pxc]*' -print)
[ -z "$cpp" ] || complain "the library holds no C++:" $cpp
exit $bad
