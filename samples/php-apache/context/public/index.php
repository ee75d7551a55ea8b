<?php
header('Content-Type: text/plain');
$tidy = tidy_parse_string('<p>2^70 = <b>' . gmp_strval(gmp_pow(2, 70)), ['show-body-only' => true]);
$tidy->cleanRepair();
readfile(__DIR__ . '/../banner.txt');
echo $tidy, "\n";
