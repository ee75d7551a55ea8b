<?php
require __DIR__ . '/../vendor/autoload.php';
echo (new Billing\Invoice(1999))->cents, "\n";
