# demo.gp - the output of one window on every realisation, and how far each is
# from the reference; out is the folder of tools/demo, heading the title.
names = 'reference ode analog spice fixed rtl gates'
n = words(names)
trace(name) = sprintf("%s/traces/%s.csv", out, name)
beside(name) = sprintf("< paste -d, %s %s", trace('reference'), trace(name))

# curves that coincide stay visible: later ones are thinner and smaller
array colour[n] = ['#999999', '#e69f00', '#d55e00', '#009e73', '#56b4e9', \
                   '#0072b2', '#000000']
do for [i = 1:n] {
  set style line i linecolor rgb colour[i] linewidth 1 + 0.8 * (n - i) \
    pointtype 6 pointsize 0.4 + 0.25 * (n - i)
}

set datafile separator ','
set style data linespoints
set key outside right
set xrange [0:*]
set grid
draw = "set multiplot layout 2,1 margins 0.12,0.80,0.10,0.94 spacing 0.05;\
  set title heading noenhanced; set ylabel 'occupied (logit)'; unset xlabel; set format x '';\
  unset logscale; set format y '%g';\
  plot for [i = 1:n] trace(word(names, i)) skip 1 using 2:3\
    linestyle i title word(names, i);\
  unset title; set ylabel 'distance from the reference'; set xlabel 'minute';\
  set format x '%g'; set logscale y; set format y '10^{%T}';\
  plot for [i = 2:n] beside(word(names, i)) skip 1 using 2:(abs($6 - $3))\
    linestyle i title word(names, i);\
  unset multiplot"

set terminal svg size 900,700 font 'DejaVu Sans,12' background 'white'
set output out.'/realisations.svg'
eval draw
set terminal pngcairo size 900,700 font 'DejaVu Sans,11'
set output out.'/realisations.png'
eval draw
